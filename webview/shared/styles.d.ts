// Style sheets are imported for the bundler to collect; they have nothing to name.
declare module "*.css";
