// Before the first paint: the colours and the size of text that this reader chose on the account page.
try {
  for (const name of ["scheme", "size"]) {
    const value = localStorage.getItem("duikai." + name);
    if (value) document.documentElement.setAttribute("data-" + name, value);
  }
} catch {
  // Storage is forbidden in this browser: the device decides, as for everybody else.
}
