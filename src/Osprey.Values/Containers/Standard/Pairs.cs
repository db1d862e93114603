namespace Osprey.Values.Containers.Standard;

/// <summary>Elements of maps, which are pairs.</summary>
internal static class Pairs
{
    /// <summary>The element as key and value, if it is one of a map.</summary>
    public static ContainerElement Split(Value element, bool isMap) =>
        isMap && element.Member("first") is { } key && element.Member("second") is { } value
            ? new ContainerElement(key, value)
            : new ContainerElement(null, element);
}
