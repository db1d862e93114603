namespace Osprey.Tests.Guests.Osv;

/// <summary>Tests that share the paused OSv guest. They have the machine for themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OsvGuestCollection : ICollectionFixture<OsvGuestFixture>
{
    /// <summary>What tests name it by.</summary>
    public const string Name = "OSv guest";
}
