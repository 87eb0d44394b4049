// node shelf.mjs http://host/ FOLDER BOOK CHROMIUM: a reader uses the shelf in headless Chromium: finds a book, opens it,
// reads, opens a note, comes back, changes the script, goes off line; axe-core looks at every kind of page, light and dark;
// then the same pages are opened from the disk. What was seen is told as JSON.
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'

const require = createRequire(import.meta.url)
const [base, folder, book, executablePath] = process.argv.slice(2)
const axe = require.resolve('axe-core/axe.min.js')
const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync']
const browser = await chromium.launch({ executablePath, args: quiet })
const said = { errors: [], outside: [], axe: {} }

const opened = async options => {
    const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options })
    const page = await context.newPage()
    page.on('pageerror', error => said.errors.push(`${page.url()}: ${error.message}`))
    page.on('console', told => told.type() === 'error' && said.errors.push(`${page.url()}: ${told.text()}`))
    page.on('request', request => {
        if (!request.url().startsWith(base) && !request.url().startsWith('file:')) said.outside.push(request.url())
    })
    return [context, page]
}
/** Do something that leads to another page, and wait for that. */
const going = async (page, act) => {
    const before = page.url().split('#')[0]
    await Promise.all([page.waitForURL(url => url.href.split('#')[0] !== before, { waitUntil: 'load' }), act()])
}
/** A click without first scrolling to what is clicked: it stands in the bar, which is always in sight. */
const press = locator => locator.evaluate(element => element.click())
const texts = locator => locator.allTextContents().then(all => all.map(one => one.trim()))

try {
    // ------------------------------------------------------------ the list
    const [context, page] = await opened()
    await page.goto(base)
    said.listed = await texts(page.locator('#books .title'))
    const words = page.locator('#words')
    const found = async query => {
        await words.fill(query)
        await page.waitForFunction(() => location.hash.includes('q='))
        await page.waitForTimeout(150)
        return texts(page.locator('#books .title'))
    }
    said.found = {}
    for (const query of ['折磨', '張三', 'zhangsan', '没有这样的书']) said.found[query] = await found(query)
    said.count = await page.locator('#count').textContent()
    await page.locator('#clear').click()
    said.cleared = (await texts(page.locator('#books .title'))).length
    await page.locator('label', { has: page.locator('[value="zh-Hant-TW"]') }).click()
    await page.waitForTimeout(150)
    said.filtered = await texts(page.locator('#books .title'))
    await page.reload()
    await page.waitForTimeout(150)
    said.kept = await texts(page.locator('#books .title')) // the question stands in the address
    await page.locator('[data-language="en"]').click()
    said.english = (await page.locator('legend').first().innerText()).trim()
    await page.locator('[data-language="zh-Hans"]').click()

    // ------------------------------------------------------------ a book, chapter 3, a note
    await page.goto(base)
    await page.locator(`a.book[href*="${encodeURIComponent(book)}"]`).focus()
    await going(page, () => page.keyboard.press('Enter'))
    said.title = await page.locator('h1').innerText()
    await going(page, () => page.locator('.read a').first().click())
    said.contents = await texts(page.locator('nav.contents a'))
    await going(page, () => page.locator('#start').click())
    said.chapters = []
    for (let turn = 0; turn < 4; turn++) {
        said.chapters.push(await page.evaluate(() => document.body.dataset.page))
        if (turn < 3) await going(page, () => page.keyboard.press('ArrowRight'))
    }
    said.pageNumbers = await page.locator('#text .pagebreak').count()
    await page.goto(base)
    await page.goBack()
    const chapters = await page.evaluate(() => [...document.querySelectorAll('a.noteref')].map(mark => mark.getAttribute('href')))
    said.marks = chapters.length
    const mark = page.locator('a.noteref[href^="#"]').first()
    await mark.scrollIntoViewIfNeeded()
    await mark.click()
    said.note = await page.locator('#popped[open]').innerText()
    said.noteIs = await mark.evaluate(element => document.querySelector(element.getAttribute('href')).innerText)
    await page.keyboard.press('Escape')
    said.closed = !(await page.locator('#popped[open]').count())
    said.back = await page.evaluate(() => document.activeElement?.className)

    // ------------------------------------------------------------ the place, kept
    await page.evaluate(() => document.querySelectorAll('#text p[id^="L"]')[4].scrollIntoView())
    await page.waitForTimeout(400)
    const top = () => page.evaluate(() => {
        const bar = document.querySelector('.desk').getBoundingClientRect().bottom
        const first = [...document.querySelectorAll('#text p[id^="L"]')].find(each => each.getBoundingClientRect().bottom > bar + 1)
        return { id: first.id, text: first.innerText, at: Math.round(first.getBoundingClientRect().top - bar) }
    })
    said.left = await top()
    said.leftPage = new URL(page.url()).pathname.split('/').pop()
    await going(page, () => press(page.locator('.where a')))
    said.goOn = await page.locator('#go-on').innerText()
    await going(page, () => page.locator('#go-on').click())
    await page.waitForTimeout(300)
    said.returned = await top()

    // ------------------------------------------------------------ the other script, at the same paragraph
    const other = page.locator('#scripts a[lang="zh-Hant-TW"]')
    await going(page, () => press(other))
    await page.waitForTimeout(300)
    said.other = await top()
    said.otherLang = await page.evaluate(() => document.documentElement.lang)
    await going(page, () => press(page.locator('#scripts a[lang="zh-Hans"]')))
    await page.waitForTimeout(300)
    said.again = await top()
    await page.locator('#larger').click()
    said.larger = await page.evaluate(() => getComputedStyle(document.documentElement).fontSize)
    await page.locator('#smaller').click()

    // ------------------------------------------------------------ off line
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true))
    await page.waitForTimeout(500)
    await context.setOffline(true)
    await page.goto(new URL('index.html', page.url()).href.split('#')[0])
    await going(page, () => page.locator('#start').click())
    await going(page, () => page.locator('.turn [rel="next"]').click())
    said.offline = await page.evaluate(() => document.body.dataset.page)
    await context.setOffline(false)
    await context.close()

    // ------------------------------------------------------------ axe, and how wide it is
    const place = `books/${encodeURIComponent(book)}`
    said.wide = {}
    for (const [name, address] of [['shelf', ''], ['book', `${place}/index.html`], ['read', `${place}/read/source/${said.leftPage}`],
        ['front', `${place}/read/source/index.html`], ['imprint', `${place}/read/source/imprint.html`]])
        for (const [colorScheme, width] of [['light', 1200], ['dark', 390]]) {
            const [context, page] = await opened({ colorScheme, viewport: { width, height: 844 }, serviceWorkers: 'block', bypassCSP: true })
            await page.goto(base + address)
            await page.addScriptTag({ path: axe })
            const { violations, passes } = await page.evaluate(() => axe.run())
            said.axe[`${name} ${colorScheme}`] = { passes: passes.length, violations: violations.map(each => `${each.id}: ${each.nodes[0].html}`) }
            said.wide[`${name} ${width}`] = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
            await context.close()
        }

    // ------------------------------------------------------------ from the disk
    const [, disk] = await opened()
    await disk.goto(pathToFileURL(path.join(folder, 'index.html')).href)
    await disk.locator('#words').fill('shanxiongxin')
    await disk.waitForTimeout(400)
    said.disk = { found: await texts(disk.locator('#books .title')) }
    await going(disk, () => disk.locator(`a.book[href*="${encodeURIComponent(book)}"]`).click())
    await going(disk, () => disk.locator('.read a').first().click())
    await going(disk, () => disk.locator('#start').click())
    said.disk.chapter = await disk.evaluate(() => document.body.dataset.page)
    said.disk.scripts = await disk.locator('#scripts a').count()
    console.log(JSON.stringify(said))
} finally {
    await browser.close()
}
