import { mkdir, rename, rm, stat, utimes } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

const heartbeatMs = 1000;
const staleMs = 10_000;

/**
 * Runs `work` while no other process runs work under the same lock, a folder. Its owner touches it every second; one
 * that has not been touched for ten was left behind by a process that died, and is taken over.
 */
export async function withLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  while (!(await tryLock(folder))) await pause(200);
  const heartbeat = setInterval(() => {
    // A lock that was taken from a process which slept too long is not its own any more; there is nothing to mend.
    utimes(folder, new Date(), new Date()).catch(() => undefined);
  }, heartbeatMs);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    await rm(folder, { recursive: true, force: true });
  }
}

async function tryLock(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
  }
  try {
    const { mtimeMs } = await stat(folder);
    if (Date.now() - mtimeMs > staleMs) {
      const aside = `${folder}.${process.pid}`;
      await rename(folder, aside); // only one of those who wait succeeds
      await rm(aside, { recursive: true, force: true });
    }
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
  return false;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
