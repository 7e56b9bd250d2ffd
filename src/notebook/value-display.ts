export function showValue(_value: object): boolean { return false }
