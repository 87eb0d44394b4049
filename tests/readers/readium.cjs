// node readium.cjs BOOK.epub: what Readium's parser (r2-shared-js, the one in Thorium) makes of the book, as JSON: its
// publication, and as `words` the text of each page's body in reading order, marks and bodies of notes left out.
const { EpubParsePromise } = require('r2-shared-js/dist/es6-es2015/src/parser/epub')
const { initGlobalConverters_GENERIC, initGlobalConverters_SHARED } = require('r2-shared-js/dist/es6-es2015/src/init-globals')
const { TaJsonSerialize } = require('r2-lcp-js/dist/es6-es2015/src/serializable')
const { streamToBufferPromise } = require('r2-utils-js/dist/es6-es2015/src/_utils/stream/BufferUtils')
const { DOMParser } = require('@xmldom/xmldom')

const left = new Set(['noteref', 'footnotes'])
const words = node => {
    if (node.nodeType === 3 || node.nodeType === 4) return node.data
    if (node.nodeType !== 1 || (node.getAttribute('class') ?? '').split(' ').some(name => left.has(name))) return ''
    return Array.from(node.childNodes).map(words).join('')
}

const read = async file => {
    initGlobalConverters_GENERIC()
    initGlobalConverters_SHARED()
    const publication = await EpubParsePromise(file)
    const zip = publication.findFromInternal('zip').Value
    const folder = publication.findFromInternal('rootDirectory')?.Value ?? ''
    const said = []
    for (const link of publication.Spine) {
        const { stream } = await zip.entryStreamPromise(folder + decodeURIComponent(link.Href))
        const page = new DOMParser().parseFromString((await streamToBufferPromise(stream)).toString('utf8'), 'application/xhtml+xml')
        said.push([link.Href, words(page.getElementsByTagName('body')[0])])
    }
    console.log(JSON.stringify({ ...TaJsonSerialize(publication), words: said }))
}

read(process.argv[2]).then(() => process.exit(0), error => {
    console.error(error)
    process.exit(1)
})
