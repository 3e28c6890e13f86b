import type { Codes } from './code.ts';

export const changeCodes: Codes = {
  TYPE_REMOVED: {
    area: 'change',
    level: 'breaking',
    title: 'A type is gone',
    explain:
      'Clients see the type no more.\nOperations that name it in a fragment or a variable are refused; those that get there by a field are told with the field.\nKeep it deprecated until no registered operation uses it.',
  },
  TYPE_ADDED: {
    area: 'change',
    level: 'safe',
    title: 'A type is new',
    explain:
      'Nobody can be hurt by a type that nobody knows.\nLook at its name and its rules: later they are hard to change.',
  },
  TYPE_KIND_CHANGED: {
    area: 'change',
    level: 'breaking',
    title: 'A type became another kind of type',
    explain:
      'An object became an interface, an enum a scalar, and the like.\nWhat clients wrote for the old kind no longer fits.\nAdd a type under a new name, and move its users over.',
  },
  ROOT_TYPE_REMOVED: {
    area: 'change',
    level: 'breaking',
    title: 'Queries, mutations or subscriptions are gone',
    explain:
      'The whole root type has disappeared, with every field in it.\nEvery operation of that kind is refused.\nKeep the fields, deprecated, until nobody sends them.',
  },
  FIELD_REMOVED: {
    area: 'change',
    level: 'breaking',
    title: 'A field is gone',
    explain:
      'Operations that select the field are refused as a whole, not only in that field.\nDeprecate it first, name what to use instead, and remove it when no registered operation selects it.',
  },
  FIELD_ADDED: {
    area: 'change',
    level: 'safe',
    title: 'A field is new',
    explain: 'Nobody selects it yet.\nLook at its nullability and its rule: later they are hard to change.',
  },
  FIELD_TYPE_CHANGED: {
    area: 'change',
    level: 'breaking',
    title: 'A field returns another type',
    explain:
      'Clients get what they cannot read: another scalar, a list instead of one, another object.\nAdd a field under a new name, and deprecate this one.',
  },
  FIELD_BECAME_NULLABLE: {
    area: 'change',
    level: 'breaking',
    title: 'A field may be null now',
    explain:
      'Validation takes the operation as before, but generated types and code behind it count on a value, and break when there is none.\nKeep it non-null, or tell the clients that are named first.',
  },
  FIELD_TYPE_NARROWED: {
    area: 'change',
    level: 'safe',
    title: 'A field promises more than before',
    explain:
      'What could be null cannot any more, or the type is a more exact one.\nWhoever took the old answer takes the new one.',
  },
  ARGUMENT_REMOVED: {
    area: 'change',
    level: 'breaking',
    title: 'An argument is gone',
    explain:
      'Operations that give it are refused.\nKeep it without effect, deprecated, until nobody gives it.',
  },
  ARGUMENT_ADDED: {
    area: 'change',
    level: 'safe',
    title: 'An argument is new and may be left out',
    explain: 'Operations that do not know it go on as before.',
  },
  REQUIRED_ARGUMENT_ADDED: {
    area: 'change',
    level: 'breaking',
    title: 'A required argument is new',
    explain:
      'Operations that do not give it are refused, and none that is out there can give it.\nMake it nullable, or give it a default.',
  },
  ARGUMENT_TYPE_CHANGED: {
    area: 'change',
    level: 'breaking',
    title: 'An argument takes less than before',
    explain:
      'Operations that give what is taken no more are refused: the literals and variables that no longer fit are named.\nTake the old type too, or add an argument under a new name.',
  },
  ARGUMENT_TYPE_WIDENED: {
    area: 'change',
    level: 'safe',
    title: 'An argument takes more than before',
    explain: 'What was taken still is.',
  },
  ARGUMENT_DEFAULT_CHANGED: {
    area: 'change',
    level: 'risky',
    title: 'The default of an argument changed',
    explain:
      'Operations that leave the argument out, or give it by a variable that may be missing, are taken as before and answered otherwise.\nTell their clients, or keep the default.',
  },
  INPUT_FIELD_REMOVED: {
    area: 'change',
    level: 'breaking',
    title: 'A field of an input is gone',
    explain:
      'Whoever sends it is refused.\nWhat variables hold shows only when they are sent, so that everybody who sends the type is named.\nKeep it without effect, deprecated, first.',
  },
  INPUT_FIELD_ADDED: {
    area: 'change',
    level: 'safe',
    title: 'A field of an input is new and may be left out',
    explain: 'Whoever does not know it goes on as before.',
  },
  REQUIRED_INPUT_FIELD_ADDED: {
    area: 'change',
    level: 'breaking',
    title: 'A required field of an input is new',
    explain:
      'Whoever does not send it is refused, and no client out there can know it.\nMake it nullable, or give it a default.',
  },
  INPUT_FIELD_TYPE_CHANGED: {
    area: 'change',
    level: 'breaking',
    title: 'A field of an input takes less than before',
    explain:
      'Whoever sends what is taken no more is refused.\nTake the old type too, or add a field under a new name.',
  },
  INPUT_FIELD_TYPE_WIDENED: {
    area: 'change',
    level: 'safe',
    title: 'A field of an input takes more than before',
    explain: 'What was taken still is.',
  },
  INPUT_FIELD_DEFAULT_CHANGED: {
    area: 'change',
    level: 'risky',
    title: 'The default of an input field changed',
    explain:
      'Whoever leaves the field out is taken as before and answered otherwise.\nTell the clients that are named, or keep the default.',
  },
  ENUM_VALUE_REMOVED: {
    area: 'change',
    level: 'breaking',
    title: 'An enum value is gone',
    explain:
      'Whoever sends it is refused; of an enum that only comes in answers, it is risky alone: clients never get it any more, and their types change.\nDeprecate it first.',
  },
  ENUM_VALUE_ADDED: {
    area: 'change',
    level: 'risky',
    title: 'An enum value is new',
    explain:
      'Clients that handle every value they know get one they do not.\nOf an enum that is only sent it is safe.\nTell the clients that are named, or see that they have a default branch.',
  },
  UNION_MEMBER_REMOVED: {
    area: 'change',
    level: 'breaking',
    title: 'A union has a member less',
    explain:
      'Fragments on the member match nothing there any more, and are refused.\nKeep the member until nobody asks for it.',
  },
  UNION_MEMBER_ADDED: {
    area: 'change',
    level: 'risky',
    title: 'A union has a member more',
    explain:
      'Clients that handle every member they know get one they do not.\nSee that the ones that are named ignore what they do not know.',
  },
  INTERFACE_REMOVED: {
    area: 'change',
    level: 'breaking',
    title: 'A type no longer implements an interface',
    explain:
      'Fragments and fields of the interface no longer reach the type: some operations are refused, others silently get less.\nKeep it, or move the clients that are named.',
  },
  INTERFACE_ADDED: {
    area: 'change',
    level: 'risky',
    title: 'A type implements an interface now',
    explain:
      'Clients that read the interface may get a type they do not know.\nSee that the ones that are named ignore what they do not know.',
  },
  DIRECTIVE_REMOVED: {
    area: 'change',
    level: 'breaking',
    title: 'A directive for operations is gone',
    explain: 'Operations that use it are refused.\nKeep it without effect until nobody does.',
  },
  DIRECTIVE_ADDED: {
    area: 'change',
    level: 'safe',
    title: 'A directive for operations is new',
    explain: 'Nobody uses it yet.',
  },
  DIRECTIVE_CHANGED: {
    area: 'change',
    level: 'breaking',
    title: 'A directive for operations changed',
    explain:
      'Its arguments or places are not the same.\nIt is breaking where operations that use it are refused, risky where they mean something else, safe where it takes more than before.',
  },
  MADE_INACCESSIBLE: {
    area: 'change',
    level: 'breaking',
    title: 'Something is hidden from clients now',
    explain:
      'It is @inaccessible now: subgraphs go on using it, clients are refused.\nDeprecate it first, and hide it when no registered operation uses it.',
  },
  MADE_ACCESSIBLE: {
    area: 'change',
    level: 'risky',
    title: 'Something hidden can be seen now',
    explain:
      'It was @inaccessible, and is part of what clients see now.\nLook at its rule, and whether it is meant for everybody.',
  },
  OPERATION_REFUSED: {
    area: 'change',
    level: 'breaking',
    title: 'A registered operation is not valid',
    explain:
      'Head refuses the operation, and no other change tells why: two selections that no longer merge, or an operation that was registered with a mistake.\nThe message is the validator’s.',
  },
  SUBGRAPH_ADDED: {
    area: 'change',
    level: 'safe',
    title: 'A subgraph is new',
    explain: 'The supergraph has one more owner, to be run and reached.',
  },
  SUBGRAPH_REMOVED: {
    area: 'change',
    level: 'risky',
    title: 'A subgraph is gone',
    explain:
      'What it served is served by others now, or not at all; what clients lose is told by itself.\nTake it away only when no router runs the old supergraph.',
  },
  SUBGRAPH_URL_CHANGED: {
    area: 'change',
    level: 'risky',
    title: 'A subgraph is asked elsewhere',
    explain:
      'Routers that take this supergraph ask the new URL at once.\nSee that it answers there before, and still answers at the old one.',
  },
  TYPE_MOVED: {
    area: 'change',
    level: 'safe',
    title: 'A type moved to another subgraph',
    explain:
      'All its fields are served by another subgraph now.\nClients see no difference; query plans may: see the costs.',
  },
  FIELD_MOVED: {
    area: 'change',
    level: 'safe',
    title: 'A field moved to another subgraph',
    explain:
      'Clients see no difference; query plans may: see the costs.\nUse @override to move it without a gap between deployments.',
  },
  FIELD_SHARED: {
    area: 'change',
    level: 'safe',
    title: 'One more subgraph serves a field',
    explain: 'The planner takes whichever saves a fetch, so that all must answer alike.',
  },
  FIELD_UNSHARED: {
    area: 'change',
    level: 'safe',
    title: 'One subgraph less serves a field',
    explain: 'Operations that got it there on the way need another fetch, perhaps: see the costs.',
  },
  FIELD_OVERRIDDEN: {
    area: 'change',
    level: 'safe',
    title: 'A subgraph takes a field over from another',
    explain:
      'The router asks the new one from now on.\nWith a label it asks both for a while, which is risky: both must answer alike.',
  },
  KEY_ADDED: {
    area: 'change',
    level: 'safe',
    title: 'A subgraph finds an entity by another key',
    explain:
      'Plans may become shorter.\nThe subgraph’s reference resolver must know the key before a router does.',
  },
  KEY_REMOVED: {
    area: 'change',
    level: 'risky',
    title: 'A subgraph no longer finds an entity by a key',
    explain:
      'Plans that joined there take another way, perhaps a longer one, and routers with the old supergraph still use the key: keep its resolver until they are gone.',
  },
  FIELD_REQUIRES_CHANGED: {
    area: 'change',
    level: 'safe',
    title: 'A field needs other data of other subgraphs',
    explain: '@requires says what is fetched before the field is asked: see the costs.',
  },
  FIELD_PROVIDES_CHANGED: {
    area: 'change',
    level: 'safe',
    title: 'A field brings other data along',
    explain: '@provides says what need not be fetched elsewhere: see the costs.',
  },
  DEPRECATION_ADDED: {
    area: 'change',
    level: 'safe',
    title: 'Something is deprecated now',
    explain: 'Clients that use it are named: they are to be told, and moved before it goes.',
  },
  DEPRECATION_REMOVED: {
    area: 'change',
    level: 'safe',
    title: 'Something is no longer deprecated',
    explain: 'Clients may use it again.',
  },
  DEPRECATION_CHANGED: {
    area: 'change',
    level: 'safe',
    title: 'Something is deprecated for another reason',
    explain: 'The reason is what clients read: it should name the replacement and the day.',
  },
  COST_RAISED: {
    area: 'change',
    level: 'risky',
    title: 'Something costs more',
    explain:
      '@cost was raised: routers with a limit may refuse operations that use it.\nSee what the named ones are estimated at.',
  },
  COST_LOWERED: {
    area: 'change',
    level: 'safe',
    title: 'Something costs less',
    explain: '@cost was lowered: more may be asked at once.\nSee that what answers it bears that.',
  },
  LIST_SIZE_ADDED: {
    area: 'change',
    level: 'safe',
    title: 'A list says how long it gets',
    explain: '@listSize is what estimates of cost are made of.',
  },
  LIST_SIZE_CHANGED: {
    area: 'change',
    level: 'safe',
    title: 'A list gets longer or shorter',
    explain:
      '@listSize says otherwise than before how long the list gets.\nWhere it is longer, routers with a limit may refuse operations, which is risky.',
  },
  LIST_SIZE_REMOVED: {
    area: 'change',
    level: 'risky',
    title: 'A list no longer says how long it gets',
    explain: 'Without @listSize its cost is a guess, and no limit holds it.\nGive it back.',
  },
  TAG_ADDED: {
    area: 'change',
    level: 'safe',
    title: 'Something has one more tag',
    explain: 'Contracts that include or exclude the tag change with it; what that does is told by variant.',
  },
  TAG_REMOVED: {
    area: 'change',
    level: 'safe',
    title: 'Something has one tag less',
    explain: 'Contracts that include or exclude the tag change with it; what that does is told by variant.',
  },
};
