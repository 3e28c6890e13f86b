export interface CoverSubject {
  title: string;
  category: string;
  origin: string;
}
export function drawCover(subject: CoverSubject): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 800"><title>${subject.title}</title></svg>`;
}
