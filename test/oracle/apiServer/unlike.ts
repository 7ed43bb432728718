/** Where Foreyard knowingly judges unlike the API server, by what the server says, and why. */
export const unlike: readonly { readonly server: RegExp; readonly why: string }[] = [
  {
    server: /^the namespace of the provided object does not match the namespace sent on the request$/u,
    why: "The test asks in the namespace default; a file that names another one is no mistake.",
  },
];
