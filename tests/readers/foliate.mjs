// node foliate.mjs BOOK.epub CHROMIUM: opens the book in foliate-js, in headless Chromium, and tells as JSON what it saw:
// metadata, writing mode and text of each section (`words`: marks and bodies of notes left out), contents, page-list, landmarks, every pop-up note, where backlinks lead.
import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const [book, executablePath] = process.argv.slice(2)
const reader = path.join(path.dirname(fileURLToPath(import.meta.url)), 'node_modules', 'foliate-js')
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }
const server = http.createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url, 'http://x').pathname)
    const file = name === '/book.epub' ? book : path.join(reader, path.normalize(name))
    if (!fs.existsSync(file)) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': types[path.extname(file)] ?? 'application/octet-stream' })
    fs.createReadStream(file).pipe(response)
}).listen(0, '127.0.0.1')

const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync']
const browser = await chromium.launch({ executablePath, args: quiet })
try {
    const page = await browser.newPage({ viewport: { width: 900, height: 1100 } })
    const errors = []
    page.on('pageerror', error => errors.push(error.message))
    await page.goto(`http://127.0.0.1:${server.address().port}/reader.html?url=/book.epub`)
    const ready = () => document.querySelector('foliate-view')?.renderer?.getContents?.()?.[0]?.doc?.body
    await page.waitForFunction(ready, null, { timeout: 60000 })
    await page.waitForTimeout(1000) // the reader turns its first page by itself
    const seen = await page.evaluate(async () => {
        const { FootnoteHandler } = await import('/footnotes.js')
        const view = document.querySelector('foliate-view')
        const book = view.book
        const flat = items => (items ?? []).flatMap(item => [item.label, ...flat(item.subitems)])
        const said = {
            title: book.metadata.title, language: book.metadata.language, direction: book.dir, sections: [], notes: [],
            unmarked: [], backlinks: [], contents: flat(book.toc), pages: (book.pageList ?? []).map(item => item.label),
            landmarks: (book.landmarks ?? []).map(item => [item.type].flat()[0]),
        }
        const handler = new FootnoteHandler()
        let shown
        handler.addEventListener('before-render', event => document.body.append(event.detail.view))
        handler.addEventListener('render', event => {
            shown(event.detail.view.renderer?.getContents?.()[0]?.doc?.body?.textContent ?? '')
        })
        view.addEventListener('link', event => handler.handle(book, event))
        for (const [index, section] of book.sections.entries()) {
            await view.goTo(index)
            for (let i = 0; i < 100 && view.renderer.getContents()[0]?.index !== index; i++)
                await new Promise(resolve => setTimeout(resolve, 50))
            const { doc } = view.renderer.getContents()[0]
            const bare = doc.body.cloneNode(true)
            for (const note of bare.querySelectorAll('.noteref, .footnotes')) note.remove()
            said.sections.push({
                id: section.id, words: bare.textContent, mode: doc.defaultView.getComputedStyle(doc.body).writingMode,
            })
            for (const mark of doc.querySelectorAll('a.noteref')) {
                const popped = new Promise((resolve, reject) => {
                    shown = resolve
                    setTimeout(() => reject(new Error(`no pop-up for ${mark.href}`)), 10000)
                })
                mark.click()
                said.notes.push([mark.getAttribute('href').split('#')[1], await popped])
            }
            for (const note of doc.querySelectorAll('aside.note'))
                if (!note.querySelector('a.backlink')) said.unmarked.push(note.id)
            for (const back of doc.querySelectorAll('a.backlink')) {
                const place = await book.resolveHref(section.resolveHref(back.getAttribute('href')))
                said.backlinks.push(place?.index === index && place.anchor(doc)?.classList.contains('noteref'))
            }
        }
        return said
    })
    console.log(JSON.stringify({ ...seen, errors }))
} finally {
    await browser.close()
    server.close()
}
