using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Jobs;
using ExplicitCluster.Grains.Refinement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ExplicitCluster.Grains.Hosting;

/// <summary>What every silo of the cluster has, whoever hosts it.</summary>
public static class ClusterServices
{
    /// <summary>Adds grains, store, gate and placement; options come from the section <c>Explicit</c> and are checked at start.</summary>
    public static ISiloBuilder AddExplicitCluster(this ISiloBuilder silo, IConfiguration configuration)
    {
        silo.Services.AddOptions<ExplicitOptions>().Bind(configuration.GetSection(ExplicitOptions.Section)).ValidateOnStart();
        silo.Services.AddSingleton<IValidateOptions<ExplicitOptions>, ExplicitOptionsValidator>();
        silo.Services.AddSingleton<IArtifactStore>(services =>
        {
            var options = services.GetRequiredService<IOptions<ExplicitOptions>>().Value;
            return ArtifactStores.Open(options.Store, options.StoreConnection);
        });
        silo.Services.AddSingleton<SourceReader>();
        silo.Services.AddSingleton<ComputeGate>();
        silo.Services.AddSingleton<TimedGate>();
        silo.Services.AddScoped<RefinementGate>();
        silo.Services.AddSingleton<ActiveSilos>();
        silo.Services.AddSingleton<SiloLosses>();
        silo.Services.AddHostedService(services => services.GetRequiredService<SiloLosses>());
        silo.Services.AddSingleton<SharedArtifacts>();
        silo.Services.AddSingleton<SharedReadings>();
        silo.Services.AddSingleton<ExplicitInstruments>();
        silo.Services.AddSingleton<RunningJobs>();
        silo.Services.AddSingleton<JobReminder>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, GateDrain>();
        silo.AddIncomingGrainCallFilter<WorkScopes>();
        silo.AddPlacementDirector<SpreadPlacement, SpreadPlacementDirector>();
        silo.AddPlacementDirector<SiloPlacement, SiloPlacementDirector>();
        return silo;
    }

    private sealed class ExplicitOptionsValidator : IValidateOptions<ExplicitOptions>
    {
        public ValidateOptionsResult Validate(string? name, ExplicitOptions options) =>
            options.FindProblem() is { } problem ? ValidateOptionsResult.Fail(problem) : ValidateOptionsResult.Success;
    }
}
