namespace Osprey.Tests.Guests.Fixtures;

/// <summary>
/// Tests that share the guest of <see cref="LinuxGuestVariant.Anonymous"/>. They have the machine for themselves.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AnonymousGuestCollection : ICollectionFixture<AnonymousGuest>
{
    /// <summary>What tests name it by.</summary>
    public const string Name = "Linux guest: anonymous";
}
