import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './fixtures.ts';
import { demoProject } from './project.ts';

const SIZES = { 1440: 900, 390: 844 };
const THEMES = ['light', 'dark'] as const;

/** Each page, by the words that say it has come to rest. */
const PAGES = {
  overview: ['/', 'Fine'],
  'add a database': ['/projects/new', 'Connection URL'],
  connections: ['/projects/{id}/connections', 'Open sessions'],
  activity: ['/projects/{id}/activity', 'Who did what'],
  settings: ['/projects/{id}/settings', 'Danger zone'],
} as const;

for (const [name, [path, words]] of Object.entries(PAGES)) {
  for (const theme of THEMES) {
    for (const [width, height] of Object.entries(SIZES)) {
      test(`${name}, ${theme}, ${width} wide: no serious barrier, nothing scrolls sideways`, async ({ page }) => {
        await page.setViewportSize({ width: Number(width), height });
        await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
        await page.goto(path.replace('{id}', await demoProject(page)));
        await expect(page.getByText(words).first()).toBeVisible();
        await page.screenshot({ path: `test-results/screens/${name}.${width}.${theme}.png`, fullPage: true });
        expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
      });
    }
  }
}
