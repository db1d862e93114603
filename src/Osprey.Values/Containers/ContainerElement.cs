namespace Osprey.Values.Containers;

/// <summary>An element of a container.</summary>
/// <param name="Key">Its key, of a map or the like; else null.</param>
/// <param name="Value">The element; of a map, what the key maps to.</param>
public readonly record struct ContainerElement(Value? Key, Value Value);
