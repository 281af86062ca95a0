using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Orleans.Hosting.Kubernetes;

namespace ExplicitCluster.Silo.Tests.Kubernetes;

/// <summary>
/// Silos talk to the API server through Orleans' package, which was compiled against some version of KubernetesClient. There is no API server here; that every
/// member it calls exists in the version that we ship can be seen without one.
/// </summary>
public sealed class OrleansPackageTests
{
    [Fact]
    public void Every_member_that_the_Orleans_package_calls_exists()
    {
        var assembly = typeof(KubernetesHostingOptions).Assembly;
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var members = file.GetMetadataReader().MemberReferences;
        Assert.NotEmpty(members);
        // Members of generic types want arguments; any will do.
        Type[] any = [typeof(object)];
        Assert.All(members, member => Assert.NotNull(assembly.ManifestModule.ResolveMember(MetadataTokens.GetToken(member), any, any)));
    }
}
