// Runs a program on CPython and prints what it prints: `node print.mjs FILE`.
import { loadInterpreter } from "./interpreter.mjs";

const interpreter = await loadInterpreter();
const { stdout, stderr, exit } = interpreter.runProgram(process.argv[2]);
process.stderr.write(stderr);
process.stdout.write(stdout, () => process.exit(exit));
