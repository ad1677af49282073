/** Files that stay in the browser: maps of paths and bytes, by name, in one IndexedDB database. */

export type Files = Record<string, Uint8Array>;

/** What was kept under the name; nothing at first. Rejects where there is no storage, as in sandboxed frames. */
export async function loadFiles(name: string): Promise<Files> {
  return ((await request("readonly", (store) => store.get(name))) as Files | undefined) ?? {};
}

export async function storeFiles(name: string, files: Files): Promise<void> {
  await request("readwrite", (store) => store.put(files, name));
}

function request(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (typeof indexedDB === "undefined") throw new Error("there is no IndexedDB");
    const open = indexedDB.open("snakelet");
    open.onupgradeneeded = () => open.result.createObjectStore("files");
    open.onerror = () => reject(open.error);
    open.onsuccess = () => {
      const database = open.result;
      const asked = ask(database.transaction("files", mode).objectStore("files"));
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
      database.close();
    };
  });
}
