/** How a study's table is made, where it is not made from the columns of the input alone. */
export type TableSource =
  /**
   * As another table of the same database, which is only read: its name as SQL spells it, and
   * whether foreign keys refer to the real tables instead of to copies of their keys.
   */
  | { readonly like: string; readonly foreignKeys?: 'real' }
  /**
   * By SQL statements in which `{table}` stands for the table's name; `name` is shown in messages.
   */
  | { readonly ddl: string; readonly name: string }

/** A part of a table that a layout may leave out. */
export interface TablePart {
  readonly kind: 'primary key' | 'unique' | 'exclusion' | 'check' | 'foreign key' | 'index'
  readonly name: string
  /** The part as PostgreSQL writes it, such as `PRIMARY KEY (id)`. */
  readonly sql: string
  /**
   * Names of the columns of a key, an exclusion constraint or a unique index, without its
   * expressions; absent for other parts, and in plans that were written before it was kept.
   */
  readonly keyColumns?: readonly string[]
}

/** A trigger that inserts into a table fire; it is made where a layout asks for it. */
export interface TableTrigger {
  readonly name: string
  /** The statement that makes it, in which `{table}` stands for the table. */
  readonly sql: string
  /** When it fires: `BEFORE INSERT OR UPDATE`. */
  readonly fires: string
  /** The function that it calls: `app.audit()`. */
  readonly calls: string
  /** The tables that the function writes to, as far as its text tells. */
  readonly writes: readonly string[]
  /** Whether it may change records before they are stored, or leave them out. */
  readonly rewrites: boolean
}

/** A foreign key to a table that is not copylab's. */
export interface TableReference {
  readonly name: string
  /**
   * The table that has it, as statements name it: `{table}`, or a partition that has it alone.
   */
  readonly table: string
  /** The key as PostgreSQL writes it: `FOREIGN KEY (customer) REFERENCES public.customers`. */
  readonly sql: string
  /** Names of its columns. */
  readonly columns: readonly string[]
  /** Name of the table that it refers to, as SQL spells it. */
  readonly to: string
}

/** A column of a table that a study did not define itself. */
export interface TableColumn {
  readonly name: string
  /** Its type as PostgreSQL writes it, such as `character varying(20)`. */
  readonly type: string
  /**
   * The type that its values have in the end: that under a domain, else the type itself without its
   * limit; for an enum `enum`.
   */
  readonly base: string
  readonly notNull: boolean
  /** What the server takes where a record states no value; null where that is null. */
  readonly filledBy: 'default' | 'identity' | 'generated' | null
}

/** How a study's table is made: as the table `like` is, or by `ddl`. */
export interface Definition {
  readonly source: TableSource
  /**
   * Statements that are run once in a session, before the first table is made: they copy the keys
   * that foreign keys refer to. In them, as in `statements`, `{schema}` stands for the study's
   * schema, and `{table}` for the table, both quoted.
   */
  readonly prepare: readonly string[]
  /** Statements that make the table, and its partitions and sequences. */
  readonly statements: readonly string[]
  /**
   * Foreign keys to tables of others, which `statements` do not make: each is made in a transaction
   * of its own, since that locks the other table.
   *
   * @default none
   */
  readonly references?: readonly TableReference[]
  readonly columns: readonly TableColumn[]
  /** Names of the primary key's columns; empty for none. */
  readonly primaryKey: readonly string[]
  /**
   * How it is partitioned, such as `HASH (id)`; null for a table without partitions, absent in
   * plans that were written before it was kept.
   */
  readonly partitionedBy?: string | null
  /** The parts that a layout may leave out, in the order in which they are made. */
  readonly parts: readonly TablePart[]
  /** The triggers that a layout may have made, in the order in which they fire. */
  readonly triggers: readonly TableTrigger[]
  /** What the table has and the study's does not: "the trigger audit, which …". */
  readonly leftOut: readonly string[]
}
