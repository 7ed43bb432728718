/** VS Code's SecretStorage as far as it is used. */
export class MemorySecrets {
  readonly values = new Map<string, string>();
  readonly onDidChange = () => ({ dispose: () => undefined });
  get(key: string) {
    return Promise.resolve(this.values.get(key));
  }
  keys() {
    return Promise.resolve([...this.values.keys()]);
  }
  store(key: string, value: string) {
    this.values.set(key, value);
    return Promise.resolve();
  }
  delete(key: string) {
    this.values.delete(key);
    return Promise.resolve();
  }
}
