// node first-page.mjs http://host/ CHROMIUM: how much the first page of a shelf weighs, and when a reader can use it.
import { chromium } from 'playwright-core'

const [base, executablePath] = process.argv.slice(2)
const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync']
const browser = await chromium.launch({ executablePath, args: quiet })
try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 } })
    await page.goto(base) // the browser itself has started, and the machine has read the files
    const tries = []
    for (let turn = 0; turn < 3; turn++) {
        const fresh = await (await browser.newContext({ viewport: { width: 1200, height: 900 } })).newPage()
        let bytes = 0
        fresh.on('response', async answer => { bytes += Number(answer.headers()['content-length'] ?? 0) })
        await fresh.goto(base, { waitUntil: 'load' })
        const usable = await fresh.evaluate(() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd)
        await fresh.waitForTimeout(300)
        tries.push({ bytes, usable, books: await fresh.locator('#books li').count(), ready: await fresh.locator('#finder').isVisible() })
        if (turn === 2) {
            await fresh.locator('#words').fill('第1999种')
            await fresh.waitForFunction(() => document.querySelectorAll('#books li').length === 1, null, { timeout: 20000 })
            tries[0].found = await fresh.locator('#books li').count()
        }
    }
    const usable = Math.min(...tries.map(each => each.usable))
    console.log(JSON.stringify({ ...tries[0], bytes: Math.max(...tries.map(each => each.bytes)), usable }))
} finally {
    await browser.close()
}
