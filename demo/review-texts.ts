/** What people say, by how content they are. Sentences are drawn one from each list, so no two reviews need be alike. */

export interface Mood {
  titles: readonly string[];
  /** `%` stands for the thing: “table lamp”. */
  openings: readonly string[];
  details: readonly string[];
  closings: readonly string[];
}

const delighted: Mood = {
  titles: [
    'Better than the picture',
    'Exactly what I hoped for',
    'A joy every day',
    'Guests ask about it',
    'Worth the wait',
    'Bought a second one',
    'Lovely work',
    'Cannot fault it',
    'A present that landed',
    'Made with care',
    'Simply beautiful',
    'Keeps its promise',
  ],
  openings: [
    'This % has been with us for a month and I still stop to look at it.',
    'I had looked for a % like this for years.',
    'The % came well wrapped and needed nothing but a place.',
    'I ordered the % with some doubt, and the doubt is gone.',
    'My mother has a % from the same town, and this one stands up to it.',
    'You can see that somebody took their time over this %.',
    'We use the % every single day.',
    'It is rare that a % is as good as its description.',
    'I gave the % to my sister and had to buy one for myself.',
    'The photograph does not do this % justice.',
    'Our old % lasted two years; this one looks as if it meant to stay.',
    'A friend recommended this %, and she was right.',
  ],
  details: [
    'The small irregularities are what makes it.',
    'It is heavier than I expected, in a good way.',
    'The colour is warmer than on my screen.',
    'Every edge has been finished, also where nobody looks.',
    'It smelled a little of the workshop at first, which I liked.',
    'The card with the maker’s name is a nice touch.',
    'The size is just right for us.',
    'Even the box was worth keeping.',
    'I followed the advice on care and it looks like new.',
    'It fits with old things and with new ones.',
  ],
  closings: [
    'I would buy it again tomorrow.',
    'Five stars, and I do not give them easily.',
    'Thank you to whoever made it.',
    'Delivery took four days.',
    'Recommended without an if.',
    'The next one is already on my list.',
    'It makes the room.',
    'Do not hesitate.',
    'I am glad I did not take the cheaper one.',
    'Please keep making these.',
  ],
};

const content: Mood = {
  titles: [
    'Very good, with one small thing',
    'Happy with it',
    'Good value',
    'Nearly perfect',
    'Does what it should',
    'Solid and handsome',
    'Would buy again',
    'Pleasant surprise',
  ],
  openings: [
    'A good % that does what it says.',
    'I am happy with this %.',
    'The % is well made and looks the part.',
    'Quality of the % is fine for the price.',
    'We have had the % for some weeks now.',
    'As a present the % was a success.',
    'A handsome %, no question.',
    'The % arrived in one piece and in time.',
  ],
  details: [
    'One corner was not quite straight, but one has to look for it.',
    'It is a little smaller than I had pictured, so do measure.',
    'The colour differs somewhat from the picture.',
    'It needed airing for a day.',
    'The instructions could be clearer.',
    'A spare part in the box would have been welcome.',
    'The wrapping was more than it needed.',
    'It took a week longer than announced.',
  ],
  closings: [
    'Apart from that, nothing to complain about.',
    'Four stars from me.',
    'I would order here again.',
    'I keep it and like it.',
    'All in all a good buy.',
    'Service answered my question within the hour.',
    'For the price, very fair.',
    'My family likes it more than I do.',
  ],
};

const indifferent: Mood = {
  titles: [
    'All right',
    'Had expected more',
    'It is fine',
    'Neither here nor there',
    'Good idea, so-so finish',
    'Okay for the price',
  ],
  openings: [
    'The % is all right, not more.',
    'I am of two minds about this %.',
    'From the description I had expected a better %.',
    'As a % it works.',
    'The idea of this % is lovely.',
    'We use the %, but it is no favourite.',
  ],
  details: [
    'The finish on the underside is rough.',
    'It wobbled until I put felt under it.',
    'The colour came off a little on the first day.',
    'Two of ours differ more than “made by hand” explains.',
    'It is lighter than it looks, and feels so.',
    'It took some trying before it did what it should.',
  ],
  closings: [
    'Three stars, for the looks.',
    'I keep it because sending it back is a bother.',
    'For less money it would be fine.',
    'Perhaps I was unlucky.',
    'The next one I will look at in a shop first.',
    'It does its work.',
  ],
};

const disappointed: Mood = {
  titles: [
    'Not for me',
    'Arrived damaged',
    'Disappointed',
    'Looks better than it is',
    'Sent it back',
    'Not as described',
  ],
  openings: [
    'Sadly the % was not what I had hoped for.',
    'Our % arrived with a crack.',
    'The % looks good from a distance.',
    'I had to send this % back.',
    'For this price I expect a better %.',
    'The % lasted three weeks.',
  ],
  details: [
    'The seam opened on the second day.',
    'It smells so strongly that it lives on the balcony.',
    'The measure is off by two centimetres.',
    'The colour has nothing to do with the picture.',
    'One part was missing and could not be had by itself.',
    'It leans, and no table here is that crooked.',
  ],
  closings: [
    'The money came back quickly, at least.',
    'Service was friendly; the thing is still no good.',
    'I will look elsewhere.',
    'A pity, for the idea is good.',
    'Please check before you send.',
    'One more star for the wrapping.',
  ],
};

/** By the number of stars. */
export const moods: Record<1 | 2 | 3 | 4 | 5, Mood> = {
  5: delighted,
  4: content,
  3: indifferent,
  2: disappointed,
  1: disappointed,
};
