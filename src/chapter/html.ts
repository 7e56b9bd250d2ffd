export interface HtmlOptions { readonly title?: string }
export function notebookHtml(): string { return '' }
export async function writeHtml(): Promise<void> {}
