export { remedyTexts } from './remedy-texts.ts'
