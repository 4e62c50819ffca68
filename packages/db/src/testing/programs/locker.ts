/**
 * Another program that meddles with the file, through the raw binding: a backup tool, a console. Told
 * to, it takes the write lock and lets it go again; with a number of milliseconds it takes it at
 * random, for that long at most, until it is ended.
 */
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import Database from "libsql";

const [path, longestMs] = process.argv.slice(2) as [string, string | undefined];
const connection = new Database(path);

const lock = () => {
  try {
    connection.exec("BEGIN IMMEDIATE");
    return true;
  } catch {
    return false;
  }
};

if (longestMs === undefined) {
  process.stdout.write("ready\n");
  for await (const word of createInterface({ input: process.stdin })) {
    if (word === "lock") {
      while (!lock()) await delay(1);
      process.stdout.write("locked\n");
    } else {
      connection.exec("ROLLBACK");
      process.stdout.write("unlocked\n");
    }
  }
} else {
  process.stdout.write("ready\n");
  for (;;) {
    if (lock()) {
      await delay(Math.random() * Number(longestMs));
      connection.exec("ROLLBACK");
    }
    await delay(Math.random() * 5);
  }
}
