// Writes everything that the site serves to build/: style sheet, scripts and the fonts of pages and reports.
import { copyFileSync, cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as sass from 'sass'

const here = dirname(fileURLToPath(import.meta.url))
const modules = join(here, 'node_modules')
const build = join(here, 'build')
const font = join(modules, '@fontsource', 'atkinson-hyperlegible-next')

rmSync(build, { recursive: true, force: true })
mkdirSync(join(build, 'fonts'), { recursive: true })

// Each .scss file in src/ whose name does not begin with _ becomes a style sheet of the same name.
for (const name of readdirSync(join(here, 'src')).sort()) {
  if (name.endsWith('.scss') && !name.startsWith('_')) {
    const { css } = sass.compile(join(here, 'src', name), {
      loadPaths: [modules],
      style: 'compressed',
      quietDeps: true
    })
    writeFileSync(join(build, name.replace('.scss', '.css')), css)
  }
  if (name.endsWith('.js')) copyFileSync(join(here, 'src', name), join(build, name))
}

// Without the mention of its source map, which is not served.
const script = readFileSync(join(modules, 'govuk-frontend/dist/govuk/govuk-frontend.min.js'), 'utf8')
writeFileSync(join(build, 'govuk-frontend.min.js'), script.replace(/\/\/# sourceMappingURL=.*$/m, ''))

for (const subset of ['latin', 'latin-ext']) {
  for (const weight of [400, 700]) {
    const file = `atkinson-hyperlegible-next-${subset}-${weight}-normal.woff2`
    copyFileSync(join(font, 'files', file), join(build, 'fonts', file))
  }
}
cpSync(join(font, 'LICENSE'), join(build, 'fonts', 'LICENSE'))
