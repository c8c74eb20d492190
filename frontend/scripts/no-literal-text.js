// An ESLint rule: what people read stands in a message catalogue, not in the code around it.
const READ_ATTRIBUTES = new Set([
  'alt',
  'aria-label',
  'hint',
  'label',
  'lead',
  'legend',
  'none',
  'placeholder',
  'summary',
  'title'
]);
const READ_PROPERTIES = new Set(['action', 'hint', 'label', 'text', 'title']);
const NAMES = new Set(['Zondarr', 'Plex', 'Jellyfin', 'Ctrl K']);

const WORD = /\p{L}{2,}/u;
const SENTENCE = /\p{L}{2,}[.,;:!?]? +[\p{L}“"'{]{1,}/u;
const CLASS_TOKEN = /^[a-z0-9!*&>:[\](){}./,_%#='+-]+$/;

/** True for a list of CSS classes, selectors or the like. */
/** @param {string} text */
const isMachine = (text) => {
  const tokens = text.trim().split(/\s+/);
  return tokens.every((one) => CLASS_TOKEN.test(one)) && tokens.some((one) => /[-:[,.#]/.test(one));
};
/** @param {string} text */
const isAddress = (text) => /^(https?:\/\/|\/|#|\.)/.test(text.trim());
/** @param {string} text */
const isRead = (text) =>
  WORD.test(text) && !NAMES.has(text.trim()) && !isAddress(text) && !isMachine(text);
/** @param {string} text */
const isSentence = (text) => SENTENCE.test(text) && isRead(text);

const SILENT = new Set(['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration']);
/** @typedef {any} Node a node of ESTree, or of Svelte's own kind */

/** @param {Node} node */
const isUnread = (node) => isForMachines(node) || isInClass(node);

/** @param {Node} node */
function isForMachines({ parent }) {
  if (SILENT.has(parent.type) || parent.type.startsWith('TS')) return true;
  return parent.type === 'NewExpression' && parent.callee.name === 'Error';
}

/** @param {Node} node */
function isInClass(node) {
  for (let one = node.parent; one; one = one.parent) {
    if (one.type === 'SvelteAttribute' || one.type === 'Property')
      if (one.key.name === 'class') return true;
  }
  return false;
}

/** @type {import('eslint').Rule.RuleModule} */
export default {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      literal: '“{{text}}” is read by people: put it into the catalogue beside this file.'
    }
  },
  create(context) {
    /** @type {(node: Node, text: string) => void} */
    const report = (node, text) =>
      context.report({ node, messageId: 'literal', data: { text: text.trim().slice(0, 40) } });

    return {
      /** @param {Node} node */
      SvelteText(node) {
        if (node.parent.type !== 'SvelteStyleElement' && isRead(node.value))
          report(node, node.value);
      },
      /** @param {Node} node */
      SvelteAttribute(node) {
        if (!READ_ATTRIBUTES.has(node.key.name)) return;
        for (const part of node.value)
          if (part.type === 'SvelteLiteral' && isRead(part.value)) report(part, part.value);
      },
      /** @param {Node} node */
      Literal(node) {
        if (typeof node.value !== 'string' || isUnread(node)) return;
        const { parent } = node;
        const labels = parent.type === 'Property' && READ_PROPERTIES.has(parent.key.name);
        if (isSentence(node.value) || (labels && isRead(node.value))) report(node, node.value);
      },
      /** @param {Node} node */
      TemplateElement(node) {
        const text = node.value.cooked;
        if (!isUnread(node.parent) && !isUnread(node) && isSentence(text)) report(node, text);
      }
    };
  }
};
