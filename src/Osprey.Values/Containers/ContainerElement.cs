namespace Osprey.Values.Containers;

/// <summary>An element of a container.</summary>
/// <param name="Key">The key in a map; null in other containers.</param>
/// <param name="Value">The element; in a map, the value that belongs to the key.</param>
public readonly record struct ContainerElement(Value? Key, Value Value);
