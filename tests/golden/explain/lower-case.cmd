kmodel explain km0203
