// Tells ESLint's import rules where `#lib/…` leads (package.json, "imports").
const path = require('node:path');

exports.interfaceVersion = 2;
/** @param {string} source */
exports.resolve = (source) =>
  source.startsWith('#lib/')
    ? { found: true, path: path.resolve(__dirname, '../src/lib', source.slice('#lib/'.length)) }
    : { found: false };
