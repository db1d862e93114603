namespace Osprey.Tests.Guests.Fixtures;

/// <summary>Tests that share a <see cref="StacksGuest"/>. They have the machine for themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class StacksGuestCollection : ICollectionFixture<StacksGuest>
{
    /// <summary>What tests name it by.</summary>
    public const string Name = "Linux guest: stacks";
}
