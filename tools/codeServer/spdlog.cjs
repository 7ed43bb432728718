"use strict";
// Stands in for @vscode/spdlog, which would need a compiler. Without it code-server writes no log files and every
// Output channel stays empty. Plain synchronous appends are enough for one person or one test.
const fs = require("node:fs");
const path = require("node:path");

const names = ["trace", "debug", "info", "warning", "error", "critical"];

function stamp(date) {
  const pad = (number, width = 2) => String(number).padStart(width, "0");
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  const time = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
  return `${day} ${time}.${pad(date.getMilliseconds(), 3)}`;
}

class Logger {
  constructor(_type, name, file) {
    this.name = name;
    this.level = 2;
    this.plain = false;
    this.fd = fs.openSync(file, "a");
  }
  log(level, message) {
    if (level < this.level || this.fd === undefined) return;
    fs.writeSync(this.fd, this.plain ? String(message) : `${stamp(new Date())} [${names[level]}] ${message}\n`);
  }
  trace(message) {
    this.log(0, message);
  }
  debug(message) {
    this.log(1, message);
  }
  info(message) {
    this.log(2, message);
  }
  warn(message) {
    this.log(3, message);
  }
  error(message) {
    this.log(4, message);
  }
  critical(message) {
    this.log(5, message);
  }
  setLevel(level) {
    this.level = level;
  }
  getLevel() {
    return this.level;
  }
  setPattern() {
    this.plain = false;
  }
  clearFormatters() {
    this.plain = true;
  }
  flush() {}
  drop() {
    if (this.fd === undefined) return;
    fs.closeSync(this.fd);
    this.fd = undefined;
  }
}

async function create(type, name, file) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  return new Logger(type, name, file);
}

exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = (name, file) => create("rotating", name, file);
exports.createAsyncRotatingLogger = (name, file) => create("rotating_async", name, file);
