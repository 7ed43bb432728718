const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;

/** The names in a ZIP file's central directory, in its order (APPNOTE 4.3.12 and 4.3.16; no ZIP64). */
export function zipEntries(zip: Buffer): readonly string[] {
  let end = zip.byteLength - 22;
  while (end >= 0 && zip.readUInt32LE(end) !== endOfDirectory) end--;
  if (end < 0) throw new Error("this is no ZIP file");
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  return Array.from({ length: count }, () => {
    if (zip.readUInt32LE(at) !== directoryEntry) throw new Error(`no directory entry at ${at}`);
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString("utf8", at + 46, at + 46 + nameLength);
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    return name;
  });
}
