namespace Osprey.Tests.Guests.Fixtures;

/// <summary>
/// Tests that share the guest of <see cref="LinuxGuestVariant.MemoryFile"/>. They have the machine for themselves.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryFileGuestCollection : ICollectionFixture<MemoryFileGuest>
{
    /// <summary>What tests name it by.</summary>
    public const string Name = "Linux guest: file";
}
