/** Where Foreyard knowingly judges unlike the API server, by what the server says, and why. */
export const unlike: readonly { readonly server: RegExp; readonly why: string }[] = [];
