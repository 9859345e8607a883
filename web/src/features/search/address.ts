/** Addresses of moments in recordings. Pure. */
