/** The forty people of the demo shop. The first four sign in with the passwords that `npm start` prints. */
export interface DemoPerson {
  email: string;
  displayName: string;
  givenName: string;
  familyName: string;
  locale: string;
  /** Role names; none means shopper. */
  roles: readonly string[];
}

const names: readonly (readonly [given: string, family: string, locale: string])[] = [
  ['Samira', 'Haddad', 'en'],
  ['Moritz', 'Adler', 'de'],
  ['Carla', 'Mendes', 'pt'],
  ['Amal', 'Rahimi', 'en'],
  ['Jonas', 'Lindqvist', 'sv'],
  ['Yuki', 'Tanaka', 'ja'],
  ['Élodie', 'Marchand', 'fr'],
  ['Tomasz', 'Zieliński', 'pl'],
  ['Nadia', 'El Fassi', 'fr'],
  ['Owen', 'Pritchard', 'en'],
  ['Giulia', 'Ferrante', 'it'],
  ['Mehmet', 'Aydın', 'tr'],
  ['Ingrid', 'Solberg', 'nb'],
  ['Priya', 'Nair', 'en'],
  ['Diego', 'Fuentes', 'es'],
  ['Hannah', 'Vogel', 'de'],
  ['Kofi', 'Mensah', 'en'],
  ['Leila', 'Karimi', 'en'],
  ['Pieter', 'de Wit', 'nl'],
  ['Aoife', 'Brennan', 'en'],
  ['Rashid', 'Bakkali', 'fr'],
  ['Sofia', 'Nyström', 'sv'],
  ['Marek', 'Dvořák', 'cs'],
  ['Thandi', 'Mokoena', 'en'],
  ['Lucas', 'Oliveira', 'pt'],
  ['Nour', 'Khalil', 'en'],
  ['Bence', 'Kovács', 'hu'],
  ['Chiara', 'Romano', 'it'],
  ['Elif', 'Demir', 'tr'],
  ['Henrik', 'Dahl', 'da'],
  ['Maya', 'Goldberg', 'en'],
  ['Théo', 'Lambert', 'fr'],
  ['Zahra', 'Benali', 'fr'],
  ['Callum', 'Reid', 'en'],
  ['Inês', 'Carvalho', 'pt'],
  ['Jakub', 'Nowak', 'pl'],
  ['Salma', 'Idrissi', 'fr'],
  ['Anton', 'Berger', 'de'],
  ['Mei', 'Lin', 'en'],
  ['Rosa', 'Iglesias', 'es'],
];

const staff: Record<string, readonly string[]> = {
  Moritz: ['moderator'],
  Carla: ['catalog-manager'],
  Amal: ['admin'],
};

export const demoPeople: readonly DemoPerson[] = names.map(([givenName, familyName, locale]) => ({
  email: `${givenName
    .normalize('NFD')
    .replace(/[^a-zA-Z]/g, '')
    .toLowerCase()}@example.com`,
  displayName: `${givenName} ${familyName[0]}.`,
  givenName,
  familyName,
  locale,
  roles: staff[givenName] ?? [],
}));
