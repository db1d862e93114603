namespace Osprey.Tests.Guests.Kernel;

/// <summary>
/// Tests that share the guest of <see cref="LinuxGuestVariant.Calls"/>. They have the machine for themselves.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class CallsGuestCollection : ICollectionFixture<CallsGuest>
{
    /// <summary>What tests name it by.</summary>
    public const string Name = "Linux guest: calls";
}
