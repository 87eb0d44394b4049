// node opds.mjs http://host/: three OPDS clients walk the whole catalogue from its first page, as reading apps do, and tell
// as JSON, each in its own words, what they found: books, feeds, links by status, and the SHA-256 of what they downloaded.
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const r2 = 'r2-opds-js/dist/es6-es2015/src/opds'
const { OPDS } = require(`${r2}/opds1/opds`)
const { OPDSFeed } = require(`${r2}/opds2/opds2`)
require(`${r2}/init-globals`).initGlobalConverters_OPDS()
require('r2-shared-js/dist/es6-es2015/src/init-globals').initGlobalConverters_GENERIC()
const { XML } = require('r2-utils-js/dist/es6-es2015/src/_utils/xml-js-mapper')
const { TaJsonDeserialize } = require('r2-lcp-js/dist/es6-es2015/src/serializable')
const { DOMParser } = require('@xmldom/xmldom')
const Parser = require('opds-feed-parser').default
const { Feed } = require('opds-ts/v1.2')

const list = value => (value == null ? [] : [value].flat())
const acquires = rel => list(rel).some(one => /opds-spec\.org\/acquisition/.test(one))

const r2Link = link => ({ rel: list(link.Rel)[0], href: link.Href, type: link.Type ?? link.TypeLink, templated: link.Templated })
const clients = {
    'r2-opds-js 1.2': {
        start: 'opds/index.xml',
        read(text) {
            const feed = XML.deserialize(new DOMParser().parseFromString(text, 'application/xml'), OPDS)
            const entries = list(feed.Entries).map(entry => ({
                title: entry.Title, language: entry.DcLanguage, by: list(entry.Authors).map(author => author.Name),
                links: list(entry.Links).map(r2Link),
            }))
            return { title: feed.Title, links: list(feed.Links).map(r2Link), entries }
        },
    },
    'r2-opds-js 2.0': {
        start: 'opds/index.json',
        read(text) {
            const feed = TaJsonDeserialize(JSON.parse(text), OPDSFeed)
            const entries = list(feed.Publications).map(each => ({
                title: each.Metadata.Title, language: list(each.Metadata.Language)[0],
                by: list(each.Metadata.Author).map(author => author.Name),
                links: [...list(each.Links), ...list(each.Images)].map(r2Link),
            }))
            const facets = list(feed.Facets).flatMap(facet => list(facet.Links))
            return { title: feed.Metadata.Title, links: [...list(feed.Links), ...list(feed.Navigation), ...facets].map(r2Link), entries }
        },
    },
    'opds-feed-parser': {
        start: 'opds/index.xml',
        async read(text) {
            const feed = await new Parser().parse(text)
            const plain = link => ({ rel: link.rel, href: link.href, type: link.type })
            const entries = list(feed.entries).map(entry => ({
                title: entry.title, language: entry.language, by: list(entry.authors).map(author => author.name),
                links: list(entry.links).map(plain),
            }))
            return { title: feed.title, links: list(feed.links).map(plain), entries }
        },
    },
    'opds-ts': {
        start: 'opds/index.xml',
        read(text) {
            const feed = Feed.fromXml(text)
            const entries = feed.getEntries().map(entry => ({
                title: entry.getTitle(), language: entry.getDcMetadata()?.language, by: list(entry.getAuthor()).map(one => one?.name ?? one),
                links: entry.getLinks(),
            }))
            return { title: feed.getTitle(), links: feed.getLinks(), entries }
        },
    },
}

const base = process.argv[2]
const seen = new Map() // every address once, for all of them
const get = async address => {
    if (!seen.has(address)) {
        const answer = await fetch(address)
        const data = Buffer.from(await answer.arrayBuffer())
        seen.set(address, { status: answer.status, type: answer.headers.get('content-type'), data })
    }
    return seen.get(address)
}

const told = {}
for (const [name, { start, read }] of Object.entries(clients)) {
    const json = start.endsWith('.json')
    const feeds = [new URL(start, base).href], books = [], downloads = {}, links = {}, relative = [], types = []
    for (const address of feeds) {
        const { data, type } = await get(address)
        types.push(type)
        const { links: own, entries } = await read(data.toString('utf8'))
        for (const entry of entries)
            if (entry.links.some(link => acquires(link.rel)))
                books.push({ title: entry.title, language: entry.language, by: entry.by })
        for (const link of [...own, ...entries.flatMap(entry => entry.links)]) {
            if (!link.href || link.rel === 'license') continue
            if (!/^https?:/.test(link.href)) relative.push(link.href)
            const target = new URL(link.href.replace(/\{\?query\}/, '?query=x').replace('{searchTerms}', 'x'), address).href
            const answer = await get(target)
            links[target] = answer.status
            if (acquires(link.rel)) {
                downloads[target] = createHash('sha256').update(answer.data).digest('hex')
                if (link.type !== answer.type) links[target] = `${link.type} is ${answer.type}`
            }
            const feed = json ? /opds\+json/ : /profile=opds-catalog/
            if (feed.test(link.type ?? '') && !/search/.test(target) && !feeds.includes(target)) feeds.push(target)
        }
    }
    told[name] = { books, feeds, downloads, links, relative, types: [...new Set(types)] }
}
console.log(JSON.stringify(told))
