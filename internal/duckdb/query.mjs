// Prints what a query of the first argument gives, a row a line as JSON.
import { DuckDBInstance } from '@duckdb/node-api';

const connection = await (await DuckDBInstance.create(':memory:')).connect();
const reader = await connection.runAndReadAll(process.argv[2]);
for (const row of reader.getRowsJson()) console.log(JSON.stringify(row));
