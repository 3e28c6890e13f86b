/** Files for imports, and the steps from opening one to its end. */
import { startImport } from '../domain/import-starting.ts';
import { receiveFile } from '../domain/import-uploading.ts';
import type { ImportDocument, ImportFormat } from '../store/import-document.ts';
import { findImports } from '../store/imports.ts';
import { type Desk, done, EDITOR } from './desk.ts';

export interface OpenedImport {
  id: string;
  url: URL;
}

export async function open(
  desk: Desk,
  format: ImportFormat = 'NDJSON',
  isDryRun = false,
): Promise<OpenedImport> {
  const started = done(await startImport(desk.services, EDITOR, { format, isDryRun }));
  return { id: started.import._id, url: new URL(started.uploadUrl) };
}

export function send(desk: Desk, { id, url }: OpenedImport, file: string | Buffer, pieceBytes = 65_536) {
  const bytes = Buffer.from(file);
  function* pieces() {
    for (let from = 0; from < bytes.length; from += pieceBytes) yield bytes.subarray(from, from + pieceBytes);
  }
  return receiveFile(desk.services, {
    importId: id,
    signature: url.searchParams.get('signature')!,
    announcedBytes: bytes.length,
    source: pieces(),
  });
}

export async function upload(
  desk: Desk,
  file: string | Buffer,
  format: ImportFormat = 'NDJSON',
  isDryRun = false,
) {
  const opened = await open(desk, format, isDryRun);
  const sent = await send(desk, opened, file);
  if (!sent.ok) throw new Error(sent.reason);
  return opened.id;
}

export async function importOf(desk: Desk, id: string): Promise<ImportDocument> {
  return (await findImports(desk.services.collections, [id]))[0]!;
}

/** Each has two variants. */
export function productLine(number: number, parts: object = {}): string {
  return JSON.stringify({
    title: `Bowl ${number}`,
    description: `Bowl number ${number}, thrown and fired in one piece.`,
    brand: 'Safi Clay',
    categorySlugs: ['bowls'],
    options: [{ name: 'Size', values: ['S', 'L'] }],
    variants: [
      { sku: `BOWL-${number}-S`, options: [{ name: 'Size', value: 'S' }], weightGrams: 300 },
      { sku: `BOWL-${number}-L`, options: [{ name: 'Size', value: 'L' }], weightGrams: 700 },
    ],
    ...parts,
  });
}

export function productLines(count: number, from = 1): string {
  return `${Array.from({ length: count }, (_, index) => productLine(from + index)).join('\n')}\n`;
}
