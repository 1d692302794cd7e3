// Holds an event catalogue against parsers that others wrote: `node check.cjs FOLDER`.  Each fault is a line; none, and it ends
// with 0.  What it needs is found beside it or in NODE_PATH.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { Parser } = require('@asyncapi/parser');
const Ajv = require('ajv/dist/2020');
const formats = require('ajv-formats');

/** The parser's words for what is wrong; it also gives advice, which is none. */
const ERROR = 0;

const folder = process.argv[2];
const faults = [];
let checked = 0;

/** Each schema is one, and every example in it is what it says, and no other event. */
function checkSchemas() {
    const examples = [];
    for (const context of fs.readdirSync(folder, { withFileTypes: true }).filter((it) => it.isDirectory())) {
        for (const file of fs.readdirSync(path.join(folder, context.name))) {
            const schema = JSON.parse(fs.readFileSync(path.join(folder, context.name, file), 'utf8'));
            // Strict but for our own marks: a word that JSON Schema does not know is a mistake of ours.
            const ajv = new Ajv({ allErrors: true, strict: true, strictRequired: false, strictTypes: false });
            formats(ajv);
            ['x-aggregate', 'x-rules', 'x-personal-data'].forEach((mark) => ajv.addKeyword(mark));
            const name = `${context.name}/${file}`;
            let validate;
            try {
                validate = ajv.compile(schema);
            } catch (error) {
                faults.push(`${name}: ${error.message}`);
                continue;
            }
            for (const example of schema.examples) {
                checked += 1;
                if (!validate(example)) {
                    faults.push(`${name}: ${ajv.errorsText(validate.errors)}`);
                }
                examples.push({ name, example });
            }
            const another = examples.find((it) => it.name !== name && validate(it.example));
            if (another) {
                faults.push(`${name}: lets in an example of ${another.name}`);
            }
        }
    }
}

async function checkDocument() {
    const source = path.join(folder, 'asyncapi.json');
    const { document, diagnostics } = await new Parser().parse(fs.readFileSync(source, 'utf8'), { source });
    for (const it of diagnostics.filter((it) => it.severity === ERROR)) {
        faults.push(`asyncapi.json: ${it.path.join('.')}: ${it.message}`);
    }
    return document ? document.allMessages().length : 0;
}

async function check() {
    checkSchemas();
    const messages = await checkDocument();
    faults.forEach((fault) => console.error(fault));
    console.log(JSON.stringify({ examples: checked, messages, faults: faults.length }));
    process.exitCode = faults.length === 0 ? 0 : 1;
}

check();
