"use strict";
// Stands in for argon2 in releases that would compile it: passwords are never used here (--auth none).
const refuse = async () => {
  throw new Error("Passwords are not available in this installation.");
};
exports.hash = refuse;
exports.verify = refuse;
