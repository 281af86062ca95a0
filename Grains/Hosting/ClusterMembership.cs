using ExplicitCluster.Grains.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace ExplicitCluster.Grains.Hosting;

/// <summary>Membership and reminders in Redis, for silos and for clients.</summary>
public static class ClusterMembership
{
    /// <summary>The same in every cluster, so that data of one is told by the cluster's name alone.</summary>
    public const string ServiceId = "explicit-cluster";

    /// <summary>
    /// Joins the cluster at an address. Failure detection is tuned for minutes-long jobs: a process that died is declared dead in about two seconds
    /// (a refused probe counts at once), one that hangs in about sixteen; the price is that a silo which stands still for that long is evicted too.
    /// </summary>
    public static ISiloBuilder UseRedisCluster(this ISiloBuilder silo, ClusterAddress address)
    {
        silo.Services.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (address.Name, ServiceId));
        silo.UseRedisClustering(options => options.ConfigurationOptions = address.ToOptions());
        silo.UseRedisReminderService(options => options.ConfigurationOptions = address.ToOptions());
        silo.Services.AddHostedService<JobRecovery>();
        silo.Services.Configure<ClusterMembershipOptions>(options =>
        {
            options.ProbeTimeout = TimeSpan.FromSeconds(2);
            options.NumMissedProbesLimit = 2;
            options.NumVotesForDeathDeclaration = 1;
            options.TableRefreshTimeout = TimeSpan.FromSeconds(10);
            options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(10);
        });
        return silo;
    }

    /// <summary>A client of the cluster at an address; it learns of new gateways within seconds.</summary>
    public static IClientBuilder UseRedisCluster(this IClientBuilder client, ClusterAddress address)
    {
        client.Services.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (address.Name, ServiceId));
        client.UseRedisClustering(options => options.ConfigurationOptions = address.ToOptions());
        client.Services.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5));
        return client;
    }
}
