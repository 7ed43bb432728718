/** Sockets and child processes of this process; the host's own pipes are not among them. */
export function connections(): readonly string[] {
  return process.getActiveResourcesInfo().filter((each) => /^(TCP|ProcessWrap|UDP|TLS)/.test(each));
}

/** How many timers are waiting in this process, the host's own included. */
export function timers(): number {
  return process.getActiveResourcesInfo().filter((each) => each === "Timeout").length;
}
