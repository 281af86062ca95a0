using ExplicitCluster.Client.Commands;

return await ExplicitCommand.RunAsync(args);
