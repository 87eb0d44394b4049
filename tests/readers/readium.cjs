// node readium.cjs BOOK.epub: what Readium's parser (r2-shared-js, the one in Thorium) makes of the book, as JSON.
const { EpubParsePromise } = require('r2-shared-js/dist/es6-es2015/src/parser/epub')
const { initGlobalConverters_GENERIC, initGlobalConverters_SHARED } = require('r2-shared-js/dist/es6-es2015/src/init-globals')
const { TaJsonSerialize } = require('r2-lcp-js/dist/es6-es2015/src/serializable')

initGlobalConverters_GENERIC()
initGlobalConverters_SHARED()
EpubParsePromise(process.argv[2]).then(publication => console.log(JSON.stringify(TaJsonSerialize(publication))), error => {
    console.error(error)
    process.exit(1)
})
