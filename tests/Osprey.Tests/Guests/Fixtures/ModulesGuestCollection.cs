namespace Osprey.Tests.Guests.Fixtures;

/// <summary>
/// Tests that share the guest of <see cref="LinuxGuestVariant.Modules"/>. They have the machine for themselves.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ModulesGuestCollection : ICollectionFixture<ModulesGuest>
{
    /// <summary>What tests name it by.</summary>
    public const string Name = "Linux guest: modules";
}
