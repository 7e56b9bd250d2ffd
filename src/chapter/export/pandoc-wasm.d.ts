/** The package has no types of its own. */
declare module 'pandoc-wasm' {
  /** Options as in pandoc's defaults files; files by name, in one folder. */
  export function convert(
    options: Readonly<Record<string, unknown>>,
    input: string,
    files: Record<string, string | Blob>,
  ): Promise<{
    readonly stdout: string
    readonly stderr: string
    readonly warnings: readonly { readonly verbosity: string; readonly pretty: string }[]
    readonly files: Record<string, string | Blob>
  }>
}
