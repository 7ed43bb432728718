/** Whether the text a person typed is in the name, in whatever case; nothing typed is in every name. */
export function hasText(name: string, text: string): boolean {
  return name.toLowerCase().includes(text.trim().toLowerCase());
}
