export const THEME_KEY = 'rekey.theme';

/** Runs before the first paint: pins the theme that was chosen, so that nothing flashes. */
export const THEME_SCRIPT = `try{var t=localStorage.getItem('${THEME_KEY}');if(t==='light'||t==='dark')document.documentElement.dataset.theme=t}catch(e){}`;
