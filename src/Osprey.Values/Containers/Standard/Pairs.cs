namespace Osprey.Values.Containers.Standard;

/// <summary>Splits the elements of maps, which are pairs.</summary>
internal static class Pairs
{
    /// <summary>Splits an element of a map into key and value; keeps any other element whole.</summary>
    public static ContainerElement Split(Value element, bool isMap) =>
        isMap && element.Member("first") is { } key && element.Member("second") is { } value
            ? new ContainerElement(key, value)
            : new ContainerElement(null, element);
}
