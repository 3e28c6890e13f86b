/** `tsx -C souk-src corpus/write.ts <area>/<case>…`: writes what is found of a case into its expected.yaml, to be read and judged. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { expectedFile, isLookedAt, readCase, reviewSides, tellFinding } from './cases.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
write(process.argv.slice(2));

async function write(names: readonly string[]): Promise<void> {
  for (const name of names) {
    const { area, before, after, expected } = readCase(folder, name);
    const { findings } = await reviewSides(before, after, expected);
    const told = findings.filter((finding) => isLookedAt(area, finding)).map(tellFinding);
    const { about, today } = expected;
    const text = stringify({ about, ...(today && { today }), findings: told }, { lineWidth: 110 });
    writeFileSync(expectedFile(folder, name), text);
  }
}
