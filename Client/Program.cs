// The commands are composed here.
return 0;
