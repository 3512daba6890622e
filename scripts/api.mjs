// The public API as a committed snapshot: npm run api writes api/*.d.ts.txt, npm run api -- --check fails when it changed.
// One file per entry point: the exported names with the declarations the compiler prints for them.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const check = process.argv.includes("--check");

// Where there is a choice by environment, what everybody gets.
const entries = Object.entries(exports)
  .map(([name, target]) => [name, typeof target === "string" ? target : target.default])
  .filter(([, target]) => target.endsWith(".js"))
  .map(([name, target]) => ({
    name: name === "." ? "taxii" : name.slice(2).replaceAll("/", "-"),
    file: join(root, target.replace(/^\.\/dist\//, "").replace(/\.js$/, ".ts")),
  }));

const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
const program = ts.createProgram({ rootNames: entries.map(({ file }) => file), options });
const checker = program.getTypeChecker();
const flags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope;

function describe(symbol) {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const lines = [];
  if (target.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias)) {
    for (const declaration of target.declarations ?? []) {
      if (!ts.isInterfaceDeclaration(declaration) && !ts.isTypeAliasDeclaration(declaration)) continue;
      lines.push(ts.createPrinter({ removeComments: true }).printNode(ts.EmitHint.Unspecified, declaration, declaration.getSourceFile()));
    }
  }
  if (target.flags & ts.SymbolFlags.Class) {
    const type = checker.getDeclaredTypeOfSymbol(target);
    const members = checker.getPropertiesOfType(type).filter((member) => !member.name.startsWith("__#"));
    const own = members.filter((member) =>
      member.declarations?.some((declaration) => relative(root, declaration.getSourceFile().fileName).startsWith("src")),
    );
    lines.push(
      `class ${symbol.name} {${own.map((member) => ` ${member.name}: ${checker.typeToString(checker.getTypeOfSymbol(member), undefined, flags)};`).join("")} }`,
    );
  } else if (target.flags & ts.SymbolFlags.Value) {
    lines.push(`const ${symbol.name}: ${checker.typeToString(checker.getTypeOfSymbol(target), undefined, flags)};`);
  }
  return lines.join("\n");
}

let differing = 0;
for (const { name, file } of entries) {
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${file} exports nothing`);
  const symbols = checker.getExportsOfModule(module).sort((a, b) => (a.name < b.name ? -1 : 1));
  const text = `// The public API of "${name}". Made by npm run api; a change here is a change for users.\n\n${symbols.map(describe).join("\n\n")}\n`;
  const path = join(root, "api", `${name}.d.ts.txt`);
  if (existsSync(path) && readFileSync(path, "utf8") === text) continue;
  if (check) {
    console.error(`The public API differs: ${relative(root, path)}. Run: npm run api`);
    differing++;
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
process.exitCode = differing > 0 ? 1 : 0;
