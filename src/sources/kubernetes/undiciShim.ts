// Stands in for undici in bundles. The cluster client imports it for requests that Foreyard makes through node:https;
// the real one would put itself into the process-wide dispatcher slots, and VS Code's own fetch would run through it.

function refuse(): never {
  throw new Error("Foreyard's bundle has no undici: cluster requests go through node:https.");
}

export const Agent = refuse;
export const ProxyAgent = refuse;

export function fetch(): never {
  return refuse();
}
