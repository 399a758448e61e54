// Makes src/onnx/onnx-proto.json from ONNX's own schema: `node scripts/onnx-proto.ts path/to/onnx-ml.proto`.
// The schema comes with the Python package `onnx` (Apache-2.0; see NOTICE):
// python -c "import onnx, os; print(os.path.dirname(onnx.__file__))" names its folder.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import protobuf from "protobufjs";

const [source] = process.argv.slice(2);
if (source === undefined) throw new Error("usage: node scripts/onnx-proto.ts path/to/onnx-ml.proto");
const { root } = protobuf.parse(readFileSync(source, "utf8"), { keepCase: true });
const target = join(import.meta.dirname, "..", "src", "onnx", "onnx-proto.json");
writeFileSync(target, `${JSON.stringify(root.toJSON(), null, 1)}\n`);
console.log(`wrote ${target}`);
